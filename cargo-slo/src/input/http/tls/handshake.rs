//! Why a handshake failed.

use super::Tls;
use jiff::Timestamp;
use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible,
    pki_types::UnixTime,
};

/// Says why there is no connection, and what to do; `None` if TLS is not the reason.
pub(in crate::input::http) fn explain(error: &ureq::Error, tls: &Tls) -> Option<(String, String)> {
    let error = match error {
        ureq::Error::Rustls(error) => error,
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref()?,
        _ => return None,
    };
    Some(match error {
        Error::InvalidCertificate(error) => certificate(error, tls),
        Error::AlertReceived(alert) => refusal(*alert, tls),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => (
            "it answers without TLS".to_owned(),
            "write `http://`, or name the port at which it speaks `https://`".to_owned(),
        ),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => old(),
        Error::PeerIncompatible(_) => nothing_in_common(),
        Error::General(why) if why.contains("No CA certificates") => (
            "this system trusts no authority".to_owned(),
            "install the package `ca-certificates`, or name a file with certificates: `--ca-file FILE`"
                .to_owned(),
        ),
        error => (
            format!("the TLS handshake failed: {error}"),
            "check that it runs, and that it speaks `https://` as you wrote".to_owned(),
        ),
    })
}

/// The certificate is not one to believe.
fn certificate(error: &CertificateError, tls: &Tls) -> (String, String) {
    match error {
        // One of the same name signed it, with another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => match tls.file() {
            Some(file) => (
                format!(
                    "its certificate is from an authority that is not in {}",
                    file.display()
                ),
                "add the authority's certificate to the file; `openssl s_client -showcerts -connect \
                 HOST:PORT` shows who signed what it sends, and whether one between them is missing"
                    .to_owned(),
            ),
            None => (
                "its certificate is from an authority that is not trusted here".to_owned(),
                "if the authority is one of your own, name its certificate: `--ca-file FILE`, or the \
                 environment variable SSL_CERT_FILE"
                    .to_owned(),
            ),
        },
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => (
            format!(
                "its certificate is not for `{}`, but for {}",
                expected.to_str(),
                names(presented)
            ),
            "write the address with a name that the certificate holds, or have one made for this name; \
             the common name (CN) does not count"
                .to_owned(),
        ),
        CertificateError::ExpiredContext { time, not_after } => (
            format!("its certificate expired on {}", moment(*not_after)),
            format!("have it renewed; here it is {}", moment(*time)),
        ),
        CertificateError::NotValidYetContext { time, not_before } => (
            format!("its certificate is valid only from {}", moment(*not_before)),
            format!("check the clock: here it is {}", moment(*time)),
        ),
        CertificateError::Revoked => (
            "its certificate was revoked".to_owned(),
            "have another one made".to_owned(),
        ),
        error if error.to_string().contains("CaUsedAsEndEntity") => (
            "its certificate is one of an authority (CA:TRUE), which no server may show".to_owned(),
            "have the authority sign one for the server; self-signed ones need \
             `-addext basicConstraints=critical,CA:FALSE`"
                .to_owned(),
        ),
        error => (
            format!("its certificate is not accepted: {error}"),
            "`openssl s_client -showcerts -connect HOST:PORT` shows what it sends".to_owned(),
        ),
    }
}

/// It is the server that does not go on.
fn refusal(alert: AlertDescription, tls: &Tls) -> (String, String) {
    use AlertDescription as Alert;
    match alert {
        Alert::ProtocolVersion => old(),
        Alert::HandshakeFailure | Alert::InsufficientSecurity if !tls.has_client_certificate() => {
            nothing_in_common()
        }
        Alert::CertificateRequired => (
            "it asks for a client certificate".to_owned(),
            "name yours: `--client-cert FILE`, and its key: `--client-key FILE`".to_owned(),
        ),
        Alert::UnrecognisedName => (
            "it knows no host of that name".to_owned(),
            "write the address with a name that it is reached by".to_owned(),
        ),
        Alert::UnknownCA
        | Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::AccessDenied
        | Alert::HandshakeFailure
            if tls.has_client_certificate() =>
        {
            (
                format!("it does not accept the client certificate ({alert:?})"),
                "check that the authority that it asks for signed it, and that it is still valid: \
                 `openssl x509 -text -in FILE`"
                    .to_owned(),
            )
        }
        alert => (
            format!("it ended the TLS handshake ({alert:?})"),
            "its log says why; it may ask for a client certificate: `--client-cert FILE`"
                .to_owned(),
        ),
    }
}

fn old() -> (String, String) {
    (
        "it speaks neither TLS 1.2 nor 1.3".to_owned(),
        "older ones are not safe: have it updated, or put a proxy before it that speaks them"
            .to_owned(),
    )
}

fn nothing_in_common() -> (String, String) {
    (
        "it shares no cipher with this client".to_owned(),
        "have it accept ECDHE with AES-GCM or ChaCha20, on P-256, P-384 or X25519".to_owned(),
    )
}

/// The names in a certificate, as rustls shows them: `DnsName("a")`, `IpAddress(10.0.0.1)`.
fn names(shown: &[String]) -> String {
    let name = |shown: &String| {
        let start = shown.find('(').map_or(0, |at| at + 1);
        let name = shown[start..].trim_end_matches(')').trim_matches('"');
        format!("`{name}`")
    };
    match shown {
        [] => "no name at all".to_owned(),
        shown => shown.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

fn moment(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match Timestamp::from_second(seconds) {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "a day that no calendar has".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_certificate_are_shown_as_people_write_them() {
        let shown = [
            "DnsName(\"*.shop\")",
            "IpAddress(10.0.0.1)",
            "DirectoryName",
        ];
        assert_eq!(
            names(&shown.map(str::to_owned)),
            "`*.shop`, `10.0.0.1`, `DirectoryName`"
        );
        assert_eq!(names(&[]), "no name at all");
    }
}
