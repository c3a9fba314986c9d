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

    #[test]
    fn anything_else_is_opaque() {
        for opaque in ["", "a.b", "a.b.c", "a.b.c.d", "....", "e30.W10.x", "e30.e30.\u{1b}"] {
            assert_eq!(Jwt::decoded(opaque), None, "{opaque:?}");
        }
    }
}
