//! The workspace's packages, as Cargo knows them.

use serde_json::Value;

use super::cargo::{run, text};
use super::finding::Finding;
use super::scope::Scope;

/// What a kernel builds itself with, and nothing else does.
const BUILT_WITH: &str = "build-support";

/// How the manifest of a chapter's programs ends, from the chapter's folder.
const PROGRAMS: &str = "user/Cargo.toml";

/// A package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Whether it is a kernel, or the programs of one, which cannot be built for this computer.
    pub is_kernel: bool,
    features: Vec<String>,
}

impl Package {
    /// Whether it has a feature of this name.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }
}

/// The packages that are looked at.
pub fn packages(scope: Scope) -> Result<Vec<Package>, Vec<Finding>> {
    let mut cargo = scope.workspace.cargo();
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = run(cargo)?;
    let value: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        let finding = Finding::new("", "Cargo cannot read the workspace", "");
        vec![Finding { detail: text(&output.stderr), ..finding }]
    })?;
    let manifests = scope.chapter.map(|index| {
        let folder = format!("chapters/{}", scope.folder(index));
        ["Cargo.toml", PROGRAMS].map(|manifest| format!("{folder}/{manifest}"))
    });
    let is_wanted = |package: &&Value| {
        let path = package["manifest_path"].as_str().unwrap_or_default();
        let is_one = |manifests: &[String; 2]| manifests.iter().any(|it| path.ends_with(it));
        manifests.as_ref().is_none_or(is_one)
    };
    let packages = value["packages"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(packages.iter().filter(is_wanted).map(package).collect())
}

fn package(value: &Value) -> Package {
    let dependencies = value["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    let is_kernel = dependencies
        .iter()
        .any(|dependency| dependency["kind"] == "build" && dependency["name"] == BUILT_WITH);
    // A kernel is a program, and nothing that others link with.
    let targets = value["targets"].as_array().map_or(&[][..], Vec::as_slice);
    let is_library = targets.iter().any(|target| target["kind"][0] == "lib");
    let features = value["features"].as_object();
    let path = value["manifest_path"].as_str().unwrap_or_default();
    let are_programs = path.contains("/chapters/") && path.ends_with(PROGRAMS);
    Package {
        name: value["name"].as_str().unwrap_or_default().into(),
        is_kernel: is_kernel && !is_library || are_programs,
        features: features.map(|all| all.keys().cloned().collect()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_known_by_how_they_are_built() {
        let kernel = r#"{"name":"strata-01-boot","features":{"ktest":["dep:ktest"]},
            "dependencies":[{"name":"build-support","kind":"build"}]}"#;
        let runner = r#"{"name":"exercise-host","features":{},"targets":[{"kind":["lib"]}],
            "dependencies":[{"name":"build-support","kind":"build"}]}"#;
        let programs = r#"{"name":"strata-06-user","features":{},"targets":[{"kind":["lib"]}],
            "dependencies":[],"manifest_path":"/x/chapters/06-six/user/Cargo.toml"}"#;
        let tool = r#"{"name":"tutor","features":{},
            "dependencies":[{"name":"build-support","kind":null}]}"#;
        let read = |text| package(&serde_json::from_str(text).expect("it is JSON"));
        assert!(read(kernel).is_kernel);
        assert!(read(kernel).has_feature("ktest"));
        assert!(read(programs).is_kernel);
        assert!(!read(tool).is_kernel);
        assert!(!read(runner).is_kernel);
        assert!(!read(tool).has_feature("ktest"));
    }
}
