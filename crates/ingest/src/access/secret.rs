//! Random secrets that stand in links and cookies, and the hashes that stand in the database.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::voice::random_bytes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is 43 characters of base64url")]
pub struct BadSecret;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name([u8; 32]);

        impl $name {
            pub(super) fn random() -> Result<Self, Error> {
                random_bytes().map(Self)
            }

            pub(super) fn hash(&self) -> [u8; 32] {
                Sha256::digest(self.0).into()
            }

            /// The secret itself, in 43 characters of base64url. It belongs in its link or cookie and nowhere else.
            pub fn reveal(&self) -> String {
                BASE64_URL_SAFE_NO_PAD.encode(self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadSecret;
            fn from_str(text: &str) -> Result<Self, BadSecret> {
                let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| BadSecret)?;
                bytes.try_into().map(Self).map_err(|_| BadSecret)
            }
        }

        /// Says nothing of the secret, because it may end up in a log.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret!(
    /// What makes a link work. It is shown once, when the link is issued.
    Secret
);
secret!(
    /// What a browser keeps in its cookie after it has opened a link.
    SessionToken
);

impl Secret {
    /// A secret that can be had again from what it follows from.
    pub(super) fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}
