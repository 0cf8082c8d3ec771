//! Checks that no files of a crate use each other in a circle. A reader can then read each file
//! after the files it depends on.
//!
//! A file uses another if it names a module or an item of it. A re-export does not count as a use;
//! names are followed through it. So a `mod.rs` may re-export what its children define.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{
    Attribute, ItemMod, ItemUse, UseTree, Visibility,
    visit::{self, Visit},
};
use walkdir::WalkDir;

const CRATES: [&str; 4] = ["logto", "logto-axum", "logto-requirements", "logto-testing"];

#[test]
fn the_files_of_a_crate_form_no_circle() {
    for name in CRATES {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates"));
        let uses = Source::read(&root.join(name).join("src")).uses();
        assert!(!uses.is_empty(), "{name}: no file uses another: is the search broken?");
        let circles = circles(&uses);
        assert!(circles.is_empty(), "{name} has circles:\n{}", circles.join("\n"));
    }
}

/// The segments of a path to a module or an item.
type Segments = Vec<String>;

/// For each file, the files that it uses, and the name by which it does.
type Uses = BTreeMap<String, BTreeMap<String, String>>;

/// The modules of a crate.
#[derive(Default)]
struct Source(BTreeMap<Segments, Module>);

#[derive(Default)]
struct Module {
    file: String,
    /// The names that `use` brings into scope, with their paths.
    imports: BTreeMap<String, Segments>,
    /// The paths in the code.
    paths: BTreeSet<Segments>,
}

impl Source {
    fn read(src: &Path) -> Self {
        let mut source = Self::default();
        for entry in WalkDir::new(src) {
            let file = entry.unwrap().into_path();
            if file.extension().is_some_and(|extension| extension == "rs") && !file.ends_with("tests.rs") {
                let name = file.strip_prefix(src).unwrap().to_string_lossy().into_owned();
                source.add(&name, &fs::read_to_string(&file).unwrap());
            }
        }
        source
    }

    fn add(&mut self, file: &str, text: &str) {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut reader = Reader {
            file: file.to_owned(),
            path: module_path(file),
            source: self,
        };
        reader.module();
        reader.visit_file(&syntax);
    }

    fn uses(&self) -> Uses {
        let mut uses = Uses::new();
        for (module, Module { file, paths, .. }) in &self.0 {
            // In this order, a path that a `use` names comes before the name that it brings into
            // scope.
            for path in paths.iter().rev() {
                if let Some(used) = self.file_of(module, path)
                    && used != *file
                {
                    let names = uses.entry(file.clone()).or_default();
                    names.entry(used).or_insert_with(|| path.join("::"));
                }
            }
        }
        uses
    }

    /// Returns the file that defines the item at `path`, as seen from `module`. `None` for items of
    /// other crates, and for names without a `use`.
    fn file_of(&self, module: &[String], path: &[String]) -> Option<String> {
        let (mut current, mut rest) = (module.to_vec(), path);
        while let [keyword, others @ ..] = rest {
            match keyword.as_str() {
                "crate" => current.clear(),
                "super" => drop(current.pop()),
                "self" => {}
                _ => break,
            }
            rest = others;
        }
        // Keywords alone are a visibility, such as `pub(super)`.
        if rest.is_empty() {
            return None;
        }
        let mut is_known = rest.len() < path.len();
        while let [name, others @ ..] = rest {
            let child = [current.as_slice(), std::slice::from_ref(name)].concat();
            // A single name is a variable rather than a module.
            if self.0.contains_key(&child) && (is_known || !others.is_empty()) {
                current = child;
            } else {
                let import = self.0.get(&current)?.imports.get(name);
                // A path that begins with its own name begins with a crate.
                return match import.filter(|import| import.first() != Some(name)) {
                    Some(import) => self.file_of(&current, &[import.as_slice(), others].concat()),
                    None => is_known.then(|| self.0[&current].file.clone()),
                };
            }
            is_known = true;
            rest = others;
        }
        Some(self.0[&current].file.clone())
    }
}

/// The path of the module in a file.
fn module_path(file: &str) -> Segments {
    let mut path: Segments = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "mod" || last == "lib") {
        path.pop();
    }
    path
}

/// Reads the imports and paths of a file, without its tests.
struct Reader<'a> {
    file: String,
    /// The module that is read: the file's, or one within the file.
    path: Segments,
    source: &'a mut Source,
}

impl Reader<'_> {
    fn module(&mut self) -> &mut Module {
        let module = self.source.0.entry(self.path.clone()).or_default();
        module.file.clone_from(&self.file);
        module
    }

    fn import(&mut self, tree: &UseTree, prefix: &[String], is_private: bool) {
        let with = |name: &dyn ToString| [prefix, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(path) => return self.import(&path.tree, &with(&path.ident), is_private),
            UseTree::Group(group) => {
                return group
                    .items
                    .iter()
                    .for_each(|tree| self.import(tree, prefix, is_private));
            }
            UseTree::Name(name) if name.ident == "self" => (prefix.last().unwrap().clone(), prefix.to_vec()),
            UseTree::Name(name) => (name.ident.to_string(), with(&name.ident)),
            UseTree::Rename(rename) => (rename.rename.to_string(), with(&rename.ident)),
            UseTree::Glob(_) => ("*".to_owned(), prefix.to_vec()),
        };
        if is_private {
            self.module().paths.insert(path.clone());
        }
        self.module().imports.insert(name, path);
    }
}

impl Visit<'_> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &ItemMod) {
        if item.content.is_some() && !is_for_tests(&item.attrs) {
            self.path.push(item.ident.to_string());
            self.module();
            visit::visit_item_mod(self, item);
            self.path.pop();
        }
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        if item.leading_colon.is_none() && !is_for_tests(&item.attrs) {
            self.import(&item.tree, &[], matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string());
            let segments = segments.collect();
            self.module().paths.insert(segments);
        }
        visit::visit_path(self, path);
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let mut conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.any(|cfg| {
        cfg.parse_args::<syn::Path>()
            .is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Describes each set of files that use each other.
fn circles(uses: &Uses) -> Vec<String> {
    let reachable: BTreeMap<_, _> = uses.keys().map(|file| (file, reachable(uses, file))).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, reached) in &reachable {
        if !reached.contains(*file) || seen.contains(*file) {
            continue;
        }
        let is_in_circle = |other: &&String| reachable.get(*other).is_some_and(|back| back.contains(*file));
        let circle: BTreeSet<_> = reached.iter().filter(is_in_circle).collect();
        let lines = circle.iter().flat_map(|from| {
            let within = uses[*from].iter().filter(|(to, _)| circle.contains(to));
            within.map(move |(to, name)| format!("{from} uses {to}: {name}"))
        });
        circles.push(lines.collect::<Vec<_>>().join("\n"));
        seen.extend(circle.into_iter().cloned());
    }
    circles
}

/// The files that a file uses, and those that these use.
fn reachable(uses: &Uses, file: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        for used in uses.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(used.clone()) {
                open.push(used);
            }
        }
    }
    found
}

fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let mut source = Source::default();
    for (file, text) in files {
        source.add(file, text);
    }
    circles(&source.uses())
}

#[test]
fn a_circle_is_found_through_re_exports_and_names_its_files() {
    let circles = circles_of(&[
        ("lib.rs", "mod a; mod b; pub use a::A;"),
        ("a.rs", "use crate::b::deep::C; pub struct A(C);"),
        ("b/mod.rs", "mod deep;"),
        ("b/deep.rs", "pub struct C; impl C { fn new(a: crate::A) {} }"),
        ("c.rs", "use crate::A;"),
    ]);
    assert_eq!(
        circles,
        ["a.rs uses b/deep.rs: crate::b::deep::C\nb/deep.rs uses a.rs: crate::A"]
    );
}

#[test]
fn a_child_may_use_its_parent_unless_the_parent_uses_it() {
    let child = ("a/child.rs", "pub(super) fn f() -> super::A { super::A }");
    let parent = |code| ("a/mod.rs", code);
    assert_eq!(
        circles_of(&[child, parent("mod child; pub use self::child::f; pub struct A;")]),
        [""; 0]
    );
    for code in [
        "mod child; use self::child::f; pub struct A;",
        "mod child; pub use self::child::f; pub struct A; fn g() { f(); }",
        "mod child; pub struct A; fn g() { child::f(); }",
    ] {
        assert_eq!(circles_of(&[child, parent(code)]).len(), 1, "{code}");
    }
}

#[test]
fn tests_form_no_circle() {
    let parent = (
        "a/mod.rs",
        "mod child; pub struct A; #[cfg(test)] mod tests { use super::child::f; }",
    );
    assert_eq!(
        circles_of(&[parent, ("a/child.rs", "use super::A; pub fn f() {}")]),
        [""; 0]
    );
}
