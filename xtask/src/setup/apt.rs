//! What Debian and Ubuntu install for us.

use anyhow::{Result, bail};

use crate::paths;
use crate::process::{Run, progress};

/// Whether there is apt.
pub fn is_at_hand() -> bool {
    paths::on_path("apt-get").is_some()
}

/// Installs packages; `problem` is what is missing, and `advice` what to do where we cannot.
pub fn install(packages: &[&str], problem: &str, advice: &str) -> Result<()> {
    let by_sudo = !is_root();
    if by_sudo && paths::on_path("sudo").is_none() {
        bail!("{problem}.\nWhat to do: as root, `apt-get install {}`; or {advice}", packages.join(" "));
    }
    progress(&format!("Installing {} with apt — once, one to three minutes ({problem})", packages.join(" and ")));
    let apt = |arguments: &[&str]| {
        let run = if by_sudo { Run::new("sudo").args(["--", "apt-get"]).interactive() } else { Run::new("apt-get") };
        run.args(["-q", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .hint(advice)
            .run()
    };
    apt(&["update"])?;
    apt(&[&["install", "-y"], packages].concat())
}

/// Whether we may install packages ourselves.
fn is_root() -> bool {
    Run::new("id").arg("-u").capture().is_ok_and(|id| id.trim() == "0")
}
