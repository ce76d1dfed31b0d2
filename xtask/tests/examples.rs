//! Every public constructor of a library crate has an example, in its own documentation or in that of its type.
//!
//! A constructor is a public function of a public type that takes no `self` and returns the type, perhaps in a result
//! or with something else. Those that a macro writes are not seen.

use std::collections::HashMap;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use syn::{
    Attribute, Expr, FnArg, GenericArgument, ImplItem, Item, ItemImpl, Lit, Meta, PathArguments,
    ReturnType, Type, Visibility,
};

#[derive(Default)]
struct Library {
    /// The examples of each public type.
    types: HashMap<String, String>,
    constructors: Vec<Constructor>,
}

struct Constructor {
    file: PathBuf,
    of: String,
    name: String,
    has_example: bool,
}

#[test]
fn every_constructor_has_an_example() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let (mut all, mut missing) = (0, Vec::new());
    for entry in read_dir(crates).unwrap() {
        let folder = entry.unwrap().path();
        if read_to_string(folder.join("Cargo.toml")).unwrap().contains("publish = false") {
            continue;
        }
        let mut library = Library::default();
        for file in sources(&folder.join("src")) {
            let items = syn::parse_file(&read_to_string(&file).unwrap()).unwrap().items;
            library.add(&file, &items);
        }
        for Constructor { file, of, name, has_example } in library.constructors {
            // A type that is not public is no one else's.
            let Some(examples) = library.types.get(&of) else { continue };
            all += 1;
            if !has_example && !calls(examples, &format!("{of}::{name}(")) {
                missing.push(format!("{of}::{name} in {}", file.display()));
            }
        }
    }
    missing.sort();
    assert!(all > 80, "{all} constructors were found");
    assert!(missing.is_empty(), "no example of\n{}", missing.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    let mut files: Vec<_> =
        paths.flat_map(of).filter(|path| path.extension().is_some_and(|it| it == "rs")).collect();
    files.sort();
    files
}

impl Library {
    fn add(&mut self, file: &Path, items: &[Item]) {
        for item in items {
            match item {
                Item::Struct(it) => self.add_type(&it.vis, it.ident.to_string(), &it.attrs),
                Item::Enum(it) => self.add_type(&it.vis, it.ident.to_string(), &it.attrs),
                Item::Impl(it) if it.trait_.is_none() => self.add_constructors(file, it),
                Item::Mod(it) => {
                    self.add(file, it.content.as_ref().map_or(&[], |(_, items)| items));
                }
                _ => {}
            }
        }
    }

    fn add_type(&mut self, visibility: &Visibility, name: String, attributes: &[Attribute]) {
        if let Visibility::Public(_) = visibility {
            self.types.insert(name, examples(attributes));
        }
    }

    fn add_constructors(&mut self, file: &Path, block: &ItemImpl) {
        let Some(of) = last_name(&block.self_ty) else { return };
        for item in &block.items {
            let ImplItem::Fn(function) = item else { continue };
            let is_public = matches!(function.vis, Visibility::Public(_));
            let has_self =
                function.sig.inputs.first().is_some_and(|it| matches!(it, FnArg::Receiver(_)));
            let ReturnType::Type(_, output) = &function.sig.output else { continue };
            if is_public && !has_self && has_type(output, &of) {
                self.constructors.push(Constructor {
                    file: file.to_owned(),
                    of: of.clone(),
                    name: function.sig.ident.to_string(),
                    has_example: calls(
                        &examples(&function.attrs),
                        &format!("{}(", function.sig.ident),
                    ),
                });
            }
        }
    }
}

/// Whether an example has a call, and not one whose name only ends in the same way.
fn calls(example: &str, call: &str) -> bool {
    let is_whole = |at: usize| {
        let before = example[..at].chars().next_back();
        !before.is_some_and(|it| it.is_alphanumeric() || it == '_')
    };
    example.match_indices(call).any(|(at, _)| is_whole(at))
}

/// The last name of a path: `Result` of `std::io::Result<Self>`.
fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Whether a type is `Self` or has that name, alone, in a result, in an option or in a tuple.
fn has_type(found: &Type, name: &str) -> bool {
    match found {
        Type::Tuple(tuple) => tuple.elems.iter().any(|found| has_type(found, name)),
        Type::Path(path) => {
            let segment = path.path.segments.last().expect("a path has a segment");
            let first = match &segment.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.first(),
                _ => None,
            };
            match first {
                _ if segment.ident == "Self" || segment.ident == name => true,
                Some(GenericArgument::Type(inner)) => {
                    (segment.ident == "Result" || segment.ident == "Option")
                        && has_type(inner, name)
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// The lines of the examples of a documentation, without type arguments: `Model::<f32>::new(1)` is
/// `Model::new(1)`.
fn examples(attributes: &[Attribute]) -> String {
    let mut examples = String::new();
    let (mut is_block, mut is_example) = (false, false);
    for attribute in attributes {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(literal) = &meta.value else { continue };
        let Lit::Str(text) = &literal.lit else { continue };
        for line in text.value().lines().map(str::trim).filter(|_| meta.path.is_ident("doc")) {
            if let Some(kind) = line.strip_prefix("```") {
                is_block = !is_block;
                is_example = is_block && matches!(kind, "" | "no_run" | "should_panic" | "rust");
            } else if is_example {
                examples.push_str(&without_type_arguments(line));
                examples.push('\n');
            }
        }
    }
    examples
}

fn without_type_arguments(line: &str) -> String {
    let mut parts = line.split("::<");
    let mut found = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut depth = 1;
        let end = part.find(|c| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            depth == 0
        });
        found.push_str(end.map_or("", |end| &part[end + 1..]));
    }
    found
}
