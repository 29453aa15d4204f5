"""Why a server's certificate was not believed, as an error that says what to do.

OpenSSL verifies and gives a number (X509_V_ERR_… of x509_vfy.h, the same in all its versions); its words stand behind
the sentence, for whoever runs the server.
"""

import ssl

from rules.terms.errors import (
    CertificateForAnother,
    CertificateNotOfToday,
    CertificateOfStranger,
    CertificateRefused,
    CertificateSelfSigned,
)

_KINDS: dict[int, type[CertificateRefused]] = {
    2: CertificateOfStranger,  # its issuer's certificate is missing
    9: CertificateNotOfToday,  # begins later
    10: CertificateNotOfToday,  # has expired
    18: CertificateSelfSigned,
    19: CertificateOfStranger,  # the chain ends in an authority that is not trusted
    20: CertificateOfStranger,  # the issuer is not among those that are trusted
    21: CertificateOfStranger,  # a link of the chain is missing
    62: CertificateForAnother,  # host name
    64: CertificateForAnother,  # address
}


def refused(error: ssl.SSLCertVerificationError, host: str, port: int) -> CertificateRefused:
    """What is wrong with the certificate of a server."""
    reason = error.verify_message or str(error)
    if "key usage" in reason:
        reason += "; Python 3.13 and later ask authorities for keyUsage"
    return _KINDS.get(error.verify_code, CertificateRefused)(host=host, port=port, reason=reason)


def behind(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The refused certificate that an error of a library wraps, None where that is not why."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    return error
