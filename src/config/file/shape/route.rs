//! How a profile's calls reach their address: files of certificates, and a proxy.

use std::path::PathBuf;

use serde::Deserialize;

use crate::{config::proxies, domain::route::Proxies};

/// The path of a file.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(in crate::config::file) struct PathText(pub(in crate::config::file) PathBuf);

impl TryFrom<String> for PathText {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        if written.is_empty() || written.contains('\0') {
            return Err("write the path of a file".to_owned());
        }
        Ok(Self(written.into()))
    }
}

/// A proxy, or none.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(in crate::config::file) struct ProxyText(pub(in crate::config::file) Proxies);

impl TryFrom<String> for ProxyText {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let proxies = proxies::proxies(&written)?;
        if proxies.http.as_ref().is_some_and(|proxy| proxy.login.is_some()) {
            return Err("the password of a proxy does not stand in this file: `HTTPS_PROXY` may have one".to_owned());
        }
        Ok(Self(proxies))
    }
}
