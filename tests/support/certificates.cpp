// See certificates.hpp.
#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>

namespace asyncio_test {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Cert = std::unique_ptr<X509, Free>;

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

template <class Write>
std::string pem(Write write) {
    const Bio out(BIO_new(BIO_s_mem()));
    require(out && write(out.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Bio source(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
Cert read_certificate(std::string_view text) {
    Cert certificate(PEM_read_bio_X509(source(text).get(), nullptr, nullptr, nullptr));
    require(certificate != nullptr);
    return certificate;
}
Key read_key(std::string_view text) {
    Key key(PEM_read_bio_PrivateKey(source(text).get(), nullptr, nullptr, nullptr));
    require(key != nullptr);
    return key;
}

void extend(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
}

} // namespace

Identity make_certificate(const CertificateOptions& options) {
    static std::atomic<long> serial{0x1000};
    const Key key(EVP_EC_gen("P-256"));
    const Cert certificate(X509_new());
    require(key && certificate);
    X509* made = certificate.get();
    const Cert issuer = options.issuer ? read_certificate(options.issuer->certificate) : nullptr;
    const Key signer = options.issuer ? read_key(options.issuer->key) : nullptr;

    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_time_adj_ex(X509_getm_notBefore(made), options.begins_in_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(made), options.ends_in_days, 0, nullptr);
    X509_set_pubkey(made, key.get());
    X509_NAME* subject = X509_get_subject_name(made);
    const std::string common_name(options.common_name);
    for (const auto& [field, value] : {std::pair{"C", std::string("DE")}, {"CN", common_name}})
        require(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(value.c_str()),
                                           -1, -1, 0));
    X509_set_issuer_name(made, issuer ? X509_get_subject_name(issuer.get()) : subject);

    X509* parent = issuer ? issuer.get() : made;
    extend(made, parent, "basicConstraints",
           options.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(made, parent, "keyUsage",
           options.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    extend(made, parent, "subjectKeyIdentifier", "hash");
    if (issuer) extend(made, parent, "authorityKeyIdentifier", "keyid:always");
    if (options.usage) extend(made, parent, "extendedKeyUsage", options.usage);
    if (!options.names.empty()) extend(made, parent, "subjectAltName", joined(options.names));
    for (const auto& [name, value] : options.extensions) extend(made, parent, name, value);
    require(X509_sign(made, signer ? signer.get() : key.get(), EVP_sha256()) > 0);

    return {pem([&](BIO* out) { return PEM_write_bio_X509(out, made); }), pem([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

const Identity& test_authority() {
    static const Identity authority =
        make_certificate({.common_name = "Test Authority", .authority = true});
    return authority;
}

const Identity& localhost_identity() {
    static const Identity identity =
        make_certificate({.common_name = "localhost",
                          .names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"},
                          .issuer = &test_authority()});
    return identity;
}

std::string encrypted_key(const Identity& identity, std::string_view password) {
    const Key key = read_key(identity.key);
    return pem([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key.get(), EVP_aes_128_cbc(),
                                        reinterpret_cast<const unsigned char*>(password.data()),
                                        static_cast<int>(password.size()), nullptr, nullptr);
    });
}

std::string der_of(std::string_view text) {
    const Cert certificate = read_certificate(text);
    std::string der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(der.data());
    i2d_X509(certificate.get(), &at);
    return der;
}

MemoryFile::MemoryFile(std::string_view contents)
    : descriptor_(memfd_create("asyncio-test", MFD_CLOEXEC)),
      name_("/proc/self/fd/" + std::to_string(descriptor_)) {
    if (descriptor_ < 0 || ::write(descriptor_, contents.data(), contents.size()) !=
                               static_cast<ssize_t>(contents.size()))
        throw std::runtime_error("no file in memory");
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::string MemoryFile::contents() const {
    std::ifstream file(name_);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace asyncio_test
