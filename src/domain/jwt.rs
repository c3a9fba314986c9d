//! A JWT (RFC 7519) decoded for display. Nothing here checks a signature, so nothing here calls a token valid.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// What a JWT says of itself. The signature is not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    /// The JOSE header, in the order sent.
    pub header: Map<String, Value>,
    /// The claims, in the order sent.
    pub claims: Map<String, Value>,
}

impl Jwt {
    /// Reads a compact JWS (`header.claims.signature`); `None` for anything else: the token is then opaque.
    pub fn decoded(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || !signature.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return None;
        }
        Some(Self { header: object(header)?, claims: object(claims)? })
    }

    /// A claim that is a NumericDate (RFC 7519 §2), in whole seconds since 1970.
    pub fn seconds(&self, claim: &str) -> Option<i64> {
        let value = self.claims.get(claim)?;
        #[expect(clippy::cast_possible_truncation, reason = "a float saturates, and a date that far is of no use")]
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
    }
}

/// What a header parameter or a claim means, by the document that registers it.
pub fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "how it is signed, RFC 7515 section 4.1.1",
        "typ" => "what it is, RFC 7519 section 5.1",
        "cty" => "what it holds, RFC 7519 section 5.2",
        "kid" => "which key signed it, RFC 7515 section 4.1.4",
        "jku" => "where that key is said to be, RFC 7515 section 4.1.2",
        "x5t" => "the print of the signer's certificate, RFC 7515 section 4.1.7",
        "crit" => "what its reader has to understand, RFC 7515 section 4.1.11",
        "iss" => "who issued it, RFC 7519 section 4.1.1",
        "sub" => "whom it speaks of, RFC 7519 section 4.1.2",
        "aud" => "for whom it is meant: others have to refuse it, RFC 7519 section 4.1.3",
        "exp" => "from then on it has to be refused, RFC 7519 section 4.1.4",
        "nbf" => "before then it has to be refused, RFC 7519 section 4.1.5",
        "iat" => "when it was issued, RFC 7519 section 4.1.6",
        "jti" => "its own identifier: no other token has it, RFC 7519 section 4.1.7",
        "scope" => "what it allows, RFC 8693 section 4.2",
        "client_id" => "which client asked for it, RFC 8693 section 4.3",
        _ => return None,
    })
}

fn object(segment: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(segment.trim_end_matches('=')).ok()?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_without_a_key() {
        let token = format!(
            "{}.{}.sig",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
            URL_SAFE_NO_PAD.encode(r#"{"exp":1800.9,"iat":"x"}"#)
        );
        let jwt = Jwt::decoded(&token).unwrap();
        assert_eq!(jwt.seconds("exp"), Some(1800));
        assert_eq!(jwt.seconds("iat"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_whatever_brings_it_down(
            parts in proptest::collection::vec("[A-Za-z0-9_=-]{0,80}|[^.]{0,20}", 0..8),
            header in "[{\\[\"a-z:,0-9}\\]]{0,60}", claims in "[{\\[\"a-z:,0-9eE.+-}\\]]{0,60}",
        ) {
            let _ = Jwt::decoded(&parts.join("."));
            let made = format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
            let _ = Jwt::decoded(&made);
        }

        #[test]
        fn a_date_may_be_any_number(date in proptest::num::f64::ANY) {
            let claims = serde_json::json!({"exp": date}).to_string();
            let text = format!("{}.{}.", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims));
            let jwt = Jwt::decoded(&text).unwrap();
            proptest::prop_assert_eq!(jwt.seconds("exp").is_some(), date.is_finite());
        }
    }

    #[test]
    fn one_that_is_not_signed_or_is_huge_is_read_like_any_other() {
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode("{}"));
        assert_eq!(Jwt::decoded(&none).unwrap().header.get("alg"), Some(&Value::from("none")));
        let many = format!(r#"{{"claim":"{}"}}"#, "x".repeat(1 << 20));
        let huge = format!("{}.{}.sig", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(many));
        assert!(Jwt::decoded(&huge).is_some());
        let deep = "[".repeat(100_000);
        let deep = format!("{}.{}.sig", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(deep));
        assert_eq!(Jwt::decoded(&deep), None);
    }

    #[test]
    fn anything_else_is_opaque() {
        for opaque in ["", "a.b", "a.b.c", "a.b.c.d", "....", ".....", "e30.e30.x.y.z", "e30.W10.x", "e30.e30.\u{1b}"] {
            assert_eq!(Jwt::decoded(opaque), None, "{opaque:?}");
        }
    }
}
