// Layer 4. The errors of TLS, with OpenSSL's reasons in Python's format.
//
// Python counterpart: ssl.SSLError and its subclasses. The text is Python's without the place in
// _ssl.c: `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate`.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/exceptions.hpp>

#include <optional>
#include <string>
#include <system_error>

namespace asyncio::ssl {

/// TLS failed. err() is OpenSSL's kind of failure (1 for a broken protocol, 8 for an early end...),
/// or the reason's number when a context could not be set up. code() has a category of its own.
class ASYNCIO_EXPORT SSLError : public OSError {
public:
    SSLError() noexcept = default;
    explicit SSLError(std::string text);
    SSLError(int err, std::string strerror, std::optional<std::string> library = {},
             std::optional<std::string> reason = {});

    /// The part of OpenSSL that complained: `SSL`, `X509`, `PEM`. Nothing when it was not OpenSSL.
    const std::optional<std::string>& library() const noexcept { return library_; }
    /// OpenSSL's name of the reason: `CERTIFICATE_VERIFY_FAILED`, `WRONG_VERSION_NUMBER`.
    const std::optional<std::string>& reason() const noexcept { return reason_; }

    std::error_code code() const noexcept override;
    /// The description alone, without the number.
    std::string str() const override;

private:
    std::optional<std::string> library_;
    std::optional<std::string> reason_;
};

/// The peer's certificate was refused. As in Python it is a ValueError, too.
class ASYNCIO_EXPORT SSLCertVerificationError : public SSLError, public ValueError {
public:
    SSLCertVerificationError() noexcept = default;
    explicit SSLCertVerificationError(std::string text);
    SSLCertVerificationError(int err, std::string strerror, std::optional<std::string> library,
                             std::optional<std::string> reason, int verify_code,
                             std::string verify_message);

    /// OpenSSL's X509_V_ERR_ number, 0 if none was given.
    int verify_code() const noexcept { return verify_code_; }
    const std::string& verify_message() const noexcept { return verify_message_; }

private:
    void anchor() const override;
    int verify_code_ = 0;
    std::string verify_message_;
};
using CertificateError = SSLCertVerificationError;

/// The connection was closed cleanly, so there is nothing to read or write.
class ASYNCIO_EXPORT SSLZeroReturnError : public SSLError {
public:
    using SSLError::SSLError;

private:
    void anchor() const override;
};

/// More bytes of the peer are needed.
class ASYNCIO_EXPORT SSLWantReadError : public SSLError {
public:
    using SSLError::SSLError;

private:
    void anchor() const override;
};

/// The outgoing bytes must be sent first.
class ASYNCIO_EXPORT SSLWantWriteError : public SSLError {
public:
    using SSLError::SSLError;

private:
    void anchor() const override;
};

/// A system error below TLS.
class ASYNCIO_EXPORT SSLSyscallError : public SSLError {
public:
    using SSLError::SSLError;

private:
    void anchor() const override;
};

/// The connection ended without the peer having closed it: what arrived may be cut off.
class ASYNCIO_EXPORT SSLEOFError : public SSLError {
public:
    using SSLError::SSLError;

private:
    void anchor() const override;
};

} // namespace asyncio::ssl
