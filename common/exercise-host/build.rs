//! Finds the properties of the exercises, and makes a module of each of them.
//!
//! Where the environment names an exercise, that one is taken alone: a file that does not compile
//! keeps no other exercise from being tried. Otherwise all of them are, so that an editor which
//! asks Cargo knows every file that a reader writes in.

use std::path::{Path, PathBuf};

use build_support::EXERCISE;

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it");
    let root = Path::new(&folder).ancestors().nth(2).expect("this is common/exercise-host");
    let chapters = root.join("chapters");
    let wanted = std::env::var(EXERCISE).ok();
    let out = std::env::var("OUT_DIR").expect("Cargo sets it");
    let file = Path::new(&out).join("exercises.rs");
    let found: Vec<(String, PathBuf)> = build_support::exercises(&chapters)
        .into_iter()
        .map(|(name, folder)| (name, folder.join("properties.rs")))
        .filter(|(name, file)| file.is_file() && wanted.as_ref().is_none_or(|it| it == name))
        .collect();
    std::fs::write(file, code(&found)).expect("Cargo made the folder");
    println!("cargo:rerun-if-env-changed={EXERCISE}");
    println!("cargo:rerun-if-changed={}", chapters.display());
    println!("cargo:rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    println!("cargo:rustc-check-cfg=cfg(exercise, values(any()))");
}

/// The modules, and a function that finds the properties of one.
fn code(found: &[(String, PathBuf)]) -> String {
    let mut code = String::new();
    let mut arms = String::new();
    for (name, file) in found {
        let module = format!("exercise_{}", name.replace('-', "_"));
        code += &format!("#[path = {file:?}]\nmod {module};\n");
        arms += &format!("{name:?} => {module}::PROPERTIES,\n");
    }
    code + &format!(
        "fn properties_of(exercise: &str) -> &'static [Property] {{\n\
         match exercise {{\n{arms}_ => &[],\n}}\n}}\n"
    )
}
