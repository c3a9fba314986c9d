//! `authscope secret set` and `remove`: a secret is put where it is to rest, and taken away from there.

use std::{path::Path, sync::Arc};

use super::{Subject, step};
use crate::{
    cli::{
        exit::Stop,
        printer, prompt,
        start::{self, Globals, whole},
    },
    config::file::write,
    domain::{clock::Clock, credential::keyring_entry},
    secrets::{beside, keeper::Keeper},
};

/// Where a secret is to be kept: in the file that was named, where the profile has it, or else in the keyring.
pub(super) fn keeper(subject: &Subject, file: Option<&Path>, keyring: bool) -> Result<Keeper, Stop> {
    let (profile, credential) = (&subject.profile.name, &subject.credential);
    let entry = || Keeper::Keyring(keyring_entry(profile, &credential.name));
    Ok(match (file, Keeper::of(&credential.secret)) {
        (Some(file), _) => Keeper::File(whole(file)?),
        (None, Some(Keeper::File(_))) if keyring => entry(),
        (None, known) => known.unwrap_or_else(entry),
    })
}

/// Asks for the secret, keeps it, and makes it the one that the profile uses.
pub(super) async fn kept(subject: &Subject, keeper: Keeper, globals: &Globals, as_json: bool) -> anyhow::Result<()> {
    let is_new_source = Keeper::of(&subject.credential.secret).as_ref() != Some(&keeper);
    if is_new_source && !subject.is_own {
        return Err(Stop::usage(format!("the config file does not say who calls as {}", subject.name()))
            .hint("`authscope profiles add` writes it there")
            .into());
    }
    let asked = keeper.clone();
    if beside(move || asked.get()).await.map_err(|flaw| nothing_kept(&keeper, flaw))?.is_some() {
        let (rotate, remove) = (subject.command("rotate"), subject.command("remove"));
        return Err(Stop::usage(format!("there is a secret in {keeper} already"))
            .hint(format!("{rotate} tries a new one beside it, {remove} removes it"))
            .into());
    }
    if let Keeper::File(path) = &keeper {
        let what = format!("{} will have the secret in the clear; the system's keyring would not", path.display());
        printer::warning(&what, as_json);
    }
    let secret = Arc::new(prompt::given(&format!("Client secret of {}: ", subject.name())).await?);
    let (place, now) = (keeper.clone(), Clock::system().wall());
    beside(move || place.put(&secret, now)).await.map_err(|flaw| nothing_kept(&keeper, flaw))?;
    step(&format!("the secret of {} is in {keeper}", subject.name()), as_json);
    if is_new_source {
        let (profile, name, source) = (&subject.profile.name, &subject.credential.name, keeper.source());
        match start::changed(globals, |text| write::sourced(text, profile, name, &source)) {
            Ok(file) => step(&format!("{} names that source", file.display()), as_json),
            Err(stop) => {
                let text = format!("{}; the secret is in {keeper}, and nothing uses it", stop.text);
                return Err(Stop { text, ..stop }.into());
            }
        }
    }
    Ok(())
}

/// The keyring is never replaced by a file of our own accord.
fn nothing_kept(keeper: &Keeper, flaw: crate::secrets::Flaw) -> Stop {
    let stop = Stop::no_secret(keeper, flaw);
    let hint = stop.hint.unwrap_or_default();
    Stop { hint: Some(format!("nothing was kept; {hint}")), ..stop }
}

/// Removes it, and a former one.
pub(super) async fn removed(subject: &Subject, as_json: bool) -> anyhow::Result<()> {
    let keeper = subject.keeper()?;
    for place in [keeper.former(), keeper.clone()] {
        let asked = place.clone();
        match beside(move || asked.remove()).await.map_err(|flaw| Stop::no_secret(&place, flaw))? {
            true => step(&format!("the secret is gone from {place}"), as_json),
            false if place == keeper => return Err(Stop::usage(format!("there is no secret in {place}")).into()),
            false => {}
        }
    }
    Ok(())
}
