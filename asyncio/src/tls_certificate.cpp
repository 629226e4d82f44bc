// Layer 4. A certificate as Python's getpeercert() tells it. See asyncio/detail/ssl_object.hpp.
#include "tls_object.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace asyncio::detail {
namespace {

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
    void operator()(AUTHORITY_INFO_ACCESS* access) const noexcept {
        AUTHORITY_INFO_ACCESS_free(access);
    }
    void operator()(CRL_DIST_POINTS* points) const noexcept { CRL_DIST_POINTS_free(points); }
};

// What `print` writes into a memory BIO.
template <class Print>
std::string printed(Print print) {
    const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
    if (!out || print(out.get()) < 0) return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string raw(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string utf8(const ASN1_STRING* text) {
    unsigned char* out = nullptr;
    const int size = ASN1_STRING_to_UTF8(&out, text);
    if (size < 0) return {};
    std::string result(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return result;
}

std::string object_name(const ASN1_OBJECT* object, int numeric) {
    char text[256];
    const int size = OBJ_obj2txt(text, sizeof text, object, numeric);
    return size > 0 ? std::string(text) : std::string();
}

ssl::DistinguishedName names(const X509_NAME* name) {
    ssl::DistinguishedName result;
    int last_set = -1;
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
        const int set = X509_NAME_ENTRY_set(entry);
        if (set != last_set) result.emplace_back();
        last_set = set;
        result.back().emplace_back(object_name(X509_NAME_ENTRY_get_object(entry), 0),
                                   utf8(X509_NAME_ENTRY_get_data(entry)));
    }
    return result;
}

// As Python writes them: IPv6 in eight groups.
std::string address(const ASN1_OCTET_STRING* octets) {
    const unsigned char* b = ASN1_STRING_get0_data(octets);
    char text[64];
    switch (ASN1_STRING_length(octets)) {
    case 4: std::snprintf(text, sizeof text, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]); return text;
    case 16: {
        std::string groups;
        for (int i = 0; i < 16; i += 2) {
            std::snprintf(text, sizeof text, "%X", b[i] << 8 | b[i + 1]);
            groups += (i ? ":" : "") + std::string(text);
        }
        return groups;
    }
    default: return "<invalid>";
    }
}

std::pair<std::string, std::string> alternative_name(GENERAL_NAME* name) {
    switch (name->type) {
    case GEN_DNS: return {"DNS", raw(name->d.dNSName)};
    case GEN_EMAIL: return {"email", raw(name->d.rfc822Name)};
    case GEN_URI: return {"URI", raw(name->d.uniformResourceIdentifier)};
    case GEN_IPADD: return {"IP Address", address(name->d.iPAddress)};
    case GEN_RID: return {"Registered ID", object_name(name->d.registeredID, 1)};
    default: break;
    }
    std::string text = printed([&](BIO* out) { return GENERAL_NAME_print(out, name); });
    const auto colon = text.find(':');
    if (colon == text.npos) return {text, "<unsupported>"};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

template <class T>
std::unique_ptr<T, Free> extension(const X509* certificate, int kind) {
    return std::unique_ptr<T, Free>(
        static_cast<T*>(X509_get_ext_d2i(certificate, kind, nullptr, nullptr)));
}

void append_uri(const GENERAL_NAME* name, std::vector<std::string>& out) {
    if (name->type == GEN_URI) out.push_back(raw(name->d.uniformResourceIdentifier));
}

void decode_access(const X509* certificate, ssl::Certificate& result) {
    const auto access = extension<AUTHORITY_INFO_ACCESS>(certificate, NID_info_access);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
        const ACCESS_DESCRIPTION* item = sk_ACCESS_DESCRIPTION_value(access.get(), i);
        const int kind = OBJ_obj2nid(item->method);
        if (kind == NID_ad_OCSP) append_uri(item->location, result.OCSP);
        if (kind == NID_ad_ca_issuers) append_uri(item->location, result.caIssuers);
    }
}

void decode_distribution_points(const X509* certificate, ssl::Certificate& result) {
    const auto points = extension<CRL_DIST_POINTS>(certificate, NID_crl_distribution_points);
    for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
        const DIST_POINT* point = sk_DIST_POINT_value(points.get(), i);
        if (!point->distpoint || point->distpoint->type != 0) continue;
        const GENERAL_NAMES* full = point->distpoint->name.fullname;
        for (int j = 0; j < sk_GENERAL_NAME_num(full); ++j)
            append_uri(sk_GENERAL_NAME_value(full, j), result.crlDistributionPoints);
    }
}

} // namespace

ssl::Certificate decode_certificate(X509* certificate) {
    ssl::Certificate result;
    result.subject = names(X509_get_subject_name(certificate));
    result.issuer = names(X509_get_issuer_name(certificate));
    result.version = static_cast<int>(X509_get_version(certificate)) + 1;
    result.serialNumber = printed(
        [&](BIO* out) { return i2a_ASN1_INTEGER(out, X509_get0_serialNumber(certificate)); });
    result.notBefore =
        printed([&](BIO* out) { return ASN1_TIME_print(out, X509_get0_notBefore(certificate)); });
    result.notAfter =
        printed([&](BIO* out) { return ASN1_TIME_print(out, X509_get0_notAfter(certificate)); });
    const auto alternatives = extension<GENERAL_NAMES>(certificate, NID_subject_alt_name);
    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i)
        result.subjectAltName.push_back(
            alternative_name(sk_GENERAL_NAME_value(alternatives.get(), i)));
    decode_access(certificate, result);
    decode_distribution_points(certificate, result);
    ERR_clear_error(); // extensions that do not parse are left out
    return result;
}

std::string encode_certificate(X509* certificate) {
    std::string encoded;
    encoded.resize(static_cast<std::size_t>(std::max(0, i2d_X509(certificate, nullptr))));
    auto* at = reinterpret_cast<unsigned char*>(encoded.data());
    i2d_X509(certificate, &at);
    return encoded;
}

} // namespace asyncio::detail
