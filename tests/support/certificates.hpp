// Certificates for tests, made in the process: nothing secret, expired or foreign lies in files.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio_test {

/// A certificate and its key, in PEM. The keys are EC P-256, because those are made fast.
struct Identity {
    std::string certificate = {};
    std::string key = {};
    std::string chain() const { return certificate + key; }
};

struct CertificateOptions {
    std::string_view common_name = "test";
    std::vector<std::string> names = {}; ///< "DNS:localhost", "IP:127.0.0.1": the subjectAltName
    const Identity* issuer = nullptr;    ///< self-signed without one
    bool authority = false;              ///< may issue others
    const char* usage = nullptr;         ///< "serverAuth", "clientAuth"; nothing for any
    int begins_in_days = -1;
    int ends_in_days = 10;
    std::vector<std::pair<std::string, std::string>> extensions = {}; ///< more, in OpenSSL's syntax
};

Identity make_certificate(const CertificateOptions& options);

/// One for all tests: an authority, and what it issued for localhost, 127.0.0.1 and ::1.
const Identity& test_authority();
const Identity& localhost_identity();

/// The private key once more, encrypted with a password.
std::string encrypted_key(const Identity& identity, std::string_view password);

/// A certificate as DER.
std::string der_of(std::string_view pem);

/// A file in memory with a name that can be opened, for functions that take file names.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view contents = {});
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile();
    const std::string& name() const noexcept { return name_; }
    std::string contents() const;

private:
    int descriptor_;
    std::string name_;
};

} // namespace asyncio_test
