// Layer 4. The numbers and enumerations of TLS, under Python's names.
//
// Python counterpart: the constants of the ssl module. Flags have OpenSSL's values.
#pragma once
#include <asyncio/config.hpp>

#include <cstdint>

namespace asyncio::ssl {

/// Which side of a connection a context is for.
enum class SSLMethod {
    PROTOCOL_TLS = 2,         ///< both sides; verifies nothing unless told to
    PROTOCOL_TLS_CLIENT = 16, ///< verifies the certificate and the host name
    PROTOCOL_TLS_SERVER = 17,
};
using enum SSLMethod;

/// Whether the peer must show a certificate, and whether it is checked.
enum class VerifyMode {
    CERT_NONE = 0,     ///< not checked; a server does not ask for one
    CERT_OPTIONAL = 1, ///< a server asks and checks it if there is one; a client: CERT_REQUIRED
    CERT_REQUIRED = 2,
};
using enum VerifyMode;

enum class TLSVersion {
    MINIMUM_SUPPORTED = -2,
    MAXIMUM_SUPPORTED = -1,
    SSLv3 = 0x300,
    TLSv1 = 0x301,
    TLSv1_1 = 0x302,
    TLSv1_2 = 0x303,
    TLSv1_3 = 0x304,
};

/// Whom a default context authenticates: SERVER_AUTH makes one for clients.
enum class Purpose { SERVER_AUTH, CLIENT_AUTH };

/// Bits for SSLContext::set_options().
using Options = std::uint64_t;
inline constexpr Options OP_ALL = 0x80000050;
inline constexpr Options OP_IGNORE_UNEXPECTED_EOF = 0x80;
inline constexpr Options OP_NO_SSLv2 = 0;
inline constexpr Options OP_NO_SSLv3 = 0x02000000;
inline constexpr Options OP_NO_TLSv1 = 0x04000000;
inline constexpr Options OP_NO_TLSv1_1 = 0x10000000;
inline constexpr Options OP_NO_TLSv1_2 = 0x08000000;
inline constexpr Options OP_NO_TLSv1_3 = 0x20000000;
inline constexpr Options OP_NO_COMPRESSION = 0x00020000;
inline constexpr Options OP_NO_TICKET = 0x00004000;
inline constexpr Options OP_NO_RENEGOTIATION = 0x40000000;
inline constexpr Options OP_CIPHER_SERVER_PREFERENCE = 0x00400000;
inline constexpr Options OP_ENABLE_MIDDLEBOX_COMPAT = 0x00100000;
inline constexpr Options OP_SINGLE_DH_USE = 0;
inline constexpr Options OP_SINGLE_ECDH_USE = 0;

/// Bits for SSLContext::set_verify_flags().
using VerifyFlags = unsigned long;
inline constexpr VerifyFlags VERIFY_DEFAULT = 0;
inline constexpr VerifyFlags VERIFY_CRL_CHECK_LEAF = 0x4;
inline constexpr VerifyFlags VERIFY_CRL_CHECK_CHAIN = 0xC;
inline constexpr VerifyFlags VERIFY_X509_STRICT = 0x20;
inline constexpr VerifyFlags VERIFY_ALLOW_PROXY_CERTS = 0x40;
inline constexpr VerifyFlags VERIFY_X509_TRUSTED_FIRST = 0x8000;
inline constexpr VerifyFlags VERIFY_X509_PARTIAL_CHAIN = 0x80000;

/// Alerts that an SNI callback may answer with.
inline constexpr int ALERT_DESCRIPTION_HANDSHAKE_FAILURE = 40;
inline constexpr int ALERT_DESCRIPTION_ACCESS_DENIED = 49;
inline constexpr int ALERT_DESCRIPTION_INTERNAL_ERROR = 80;
inline constexpr int ALERT_DESCRIPTION_UNRECOGNIZED_NAME = 112;

} // namespace asyncio::ssl
