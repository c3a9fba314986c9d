use url::Url;

use super::*;
use crate::domain::{
    credential::{Credential, SecretSource},
    profile::Profile,
};

fn access(client: &str, secret: &str, print: u8) -> Access {
    let base = Url::parse("https://api.example").unwrap();
    let profile = Arc::new(Profile::new("mine", base.clone(), base));
    let credential = Arc::new(Credential::new(client, SecretSource::Prompt));
    Access::new(profile, credential, Arc::new(Secret::new(secret)), &FingerprintKey::new(&[print; 32]))
}

fn kept(life: u64) -> Kept {
    Kept {
        secret: Secret::new("the-token"),
        life: Some(Duration::from_secs(life)),
        scope: None,
        sent: Boot(Duration::from_secs(1000)),
        issued: Timestamp::from_second(5000).unwrap(),
    }
}

#[tokio::test]
async fn a_name_is_the_same_in_every_process_and_another_for_whatever_makes_another_token() {
    let folder = tempfile::tempdir().unwrap();
    let cache = TokenCache::at(folder.path().join("tokens"));
    // Each process draws a key of its own for what it shows.
    let name = cache.name(&access("me", "secret-1", 1)).unwrap();
    assert_eq!(name, cache.name(&access("me", "secret-1", 2)).unwrap());
    assert!(name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    for other in [access("me", "secret-2", 1), access("you", "secret-1", 1)] {
        assert_ne!(name, cache.name(&other).unwrap());
    }
    let other = TokenCache::at(folder.path().join("elsewhere"));
    assert_ne!(name, other.name(&access("me", "secret-1", 1)).unwrap(), "it takes the key to know it again");
}

#[tokio::test]
async fn what_is_kept_is_read_back_and_what_is_over_goes() {
    let folder = tempfile::tempdir().unwrap();
    let cache = TokenCache::at(folder.path().to_owned());
    let now = Timestamp::from_second(5000).unwrap();
    for (client, life) in [("short", 10), ("long", 1000)] {
        let held = cache.held(&access(client, "secret", 1)).await.unwrap();
        assert!(held.token().is_none());
        held.keep(kept(life), now).await.unwrap();
    }
    let read = cache.held(&access("long", "secret", 1)).await.unwrap().token().unwrap();
    assert!(read.secret.same_as(&Secret::new("the-token")));
    assert_eq!((read.life, read.sent, read.issued), (kept(1000).life, kept(0).sent, now));
    let held = cache.held(&access("long", "secret", 1)).await.unwrap();
    held.keep(kept(1000), Timestamp::from_second(5011).unwrap()).await.unwrap();
    assert!(cache.held(&access("short", "secret", 1)).await.unwrap().token().is_none());
    assert_eq!(cache.forget().unwrap(), 1);
    assert_eq!(cache.forget().unwrap(), 0);
}

#[test]
fn the_clock_that_says_less_counts() {
    let at = |boot: u64, wall: i64| {
        kept(600).left(Boot(Duration::from_secs(boot)), Timestamp::from_second(wall).unwrap()).unwrap().as_secs()
    };
    assert_eq!(at(1100, 5100), 500);
    assert_eq!(at(1100, 5300), 300, "the clock on the wall was put forward");
    assert_eq!(at(1200, 4000), 400, "it was put back");
    assert_eq!(at(20, 5300), 300, "the machine began anew");
    assert_eq!(at(20, 4000), 0, "nothing is known");
    assert_eq!(at(9000, 5100), 0);
}
