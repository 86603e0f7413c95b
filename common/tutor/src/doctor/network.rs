//! Whether packages could be downloaded at all.
//!
//! rustup may fail because its server is blocked, and then the system's own packages are a way out;
//! or because there is no network, and then nothing is, and a package manager that tries all of its
//! servers in turn only takes the reader's time. The difference is whether a name can be looked up.

use std::collections::BTreeSet;
use std::net::ToSocketAddrs;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::probe;
use super::system::Manager;

/// How long a look-up may take. (The system's own limit is several times as long.)
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether `manager` may reach one of its servers, as far as that can be known without it.
pub fn may_reach(manager: Manager) -> bool {
    let hosts = match manager {
        Manager::Apt => match apt_hosts() {
            Some(hosts) => hosts,
            None => return true,
        },
        Manager::Dnf => one("mirrors.fedoraproject.org"),
        Manager::Pacman => one("geo.mirror.pkgbuild.com"),
        Manager::Brew => one("formulae.brew.sh"),
    };
    has_proxy() || is_any_known(hosts)
}

fn one(host: &str) -> BTreeSet<String> {
    BTreeSet::from([host.into()])
}

/// Whether a proxy looks names up in our place.
fn has_proxy() -> bool {
    let names =
        ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    names.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The hosts that apt would ask, or `None` if it can do without, or by a proxy of its own.
fn apt_hosts() -> Option<BTreeSet<String>> {
    let settings = probe::output(Command::new("apt-config").args(["dump", "Acquire"]))?;
    if settings
        .lines()
        .any(|line| line.to_lowercase().contains("proxy") && !line.ends_with("\"\";"))
    {
        return None;
    }
    let sources = probe::output(Command::new("apt-get").args(["--print-uris", "update"]))?;
    hosts(&sources)
}

/// The hosts in what `apt-get --print-uris update` prints, or `None` if a source is none on a
/// network.
fn hosts(sources: &str) -> Option<BTreeSet<String>> {
    let addresses = sources.lines().filter_map(|line| line.strip_prefix('\''));
    addresses.map(host).collect()
}

fn host(address: &str) -> Option<String> {
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"))?;
    let authority = rest.split(['/', '\'']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next()?.into())
}

/// Whether the address of any of `hosts` is found in time.
fn is_any_known(hosts: BTreeSet<String>) -> bool {
    let (tell, news) = channel();
    for host in hosts {
        let tell = tell.clone();
        thread::spawn(move || {
            if (host.as_str(), 80).to_socket_addrs().is_ok_and(|mut found| found.next().is_some()) {
                // Another may have been quicker.
                let _ = tell.send(());
            }
        });
    }
    // With the last thread that finds nothing the channel closes, before the time is over.
    drop(tell);
    news.recv_timeout(PATIENCE).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_those_of_the_sources() {
        let sources = "'http://deb.example.org/debian/dists/a/InRelease' a_InRelease 0 \n\
                       'https://me:secret@mirror.example.org:8080/b/InRelease' b_InRelease 0 \n\
                       Hit:1 something else\n";
        let expected = ["deb.example.org", "mirror.example.org"].map(String::from);
        assert_eq!(hosts(sources), Some(BTreeSet::from(expected)));
        assert_eq!(hosts(""), Some(BTreeSet::new()));
    }

    #[test]
    fn a_source_on_a_disk_needs_no_network() {
        assert_eq!(hosts("'file:/media/debian/InRelease' InRelease 0 \n"), None);
    }

    #[test]
    fn names_are_known_or_not() {
        assert!(is_any_known(one("localhost")));
        // No name may have an empty part, so no server is asked. (RFC 1035, 2.3.1.)
        assert!(!is_any_known(one("no..server")));
        assert!(!is_any_known(BTreeSet::new()));
    }
}
