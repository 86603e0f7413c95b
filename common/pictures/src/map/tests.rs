//! What is read from a console, where it is drawn, and what the checker of pictures finds wrong.

use super::bands::{Shows, pieces};
use super::check::check;
use super::drawing::draw;
use super::figure;
use super::regions::{Map, Space, parse};
use super::words::{access, description, totals};

const MEMORY: &str = "memory:
  0x000000000000..0x0000000cff58       832 KiB  firmware
  0x0000000cff58..0x0000000cff60         1 KiB  loader
  0x000000100000..0x00000012f000       188 KiB  kernel
  0x00000012f000..0x000008000000    129860 KiB  usable
frames: 7/7 free
";

const MAPPED: &str = "image: 0xffffffff80100000..0xffffffff80130000
  text   0xffffffff80100000..0xffffffff80110aca   67 KiB
  rodata 0xffffffff80111000..0xffffffff80112000    4 KiB
  data   0xffffffff80112000..0xffffffff80112000    0 KiB
memory:
  0x000000100000..0x00000012f000       188 KiB  kernel
  0x00000012f000..0x000008000000    129860 KiB  usable
mapped:
  0xffff800000100000..0xffff800008000000    129024 KiB  rw---  0x100000
  0xffff800009000000..0xffff800009001000         4 KiB  rw--d  0x9000000
  0xffffffff80100000..0xffffffff80111000        68 KiB  r-x--  0x100000
  0xffffffff80111000..0xffffffff80112000         4 KiB  r----  0x111000
goodbye
";

fn map(console: &str) -> Map {
    parse(console).expect("the console is right")
}

fn picture(console: &str) -> String {
    draw("02-frames on nothing", &map(console)).to_string()
}

#[test]
fn regions_of_memory_are_read() {
    let Map { space, regions } = map(MEMORY);
    assert_eq!((space, regions.len()), (Space::Physical, 4));
    assert_eq!(regions[1].range, 0xcff58..0xcff60);
    assert_eq!(regions[1].name, "loader");
}

#[test]
fn mappings_are_named_by_what_they_map() {
    let Map { space, regions } = map(MAPPED);
    assert_eq!(space, Space::Virtual);
    let names: Vec<&str> = regions.iter().map(|region| region.name.as_str()).collect();
    assert_eq!(names, ["kernel, usable", "device", "text", "rodata"]);
    let mapping = regions[3].mapping.as_ref().expect("it is mapped");
    assert_eq!((mapping.part, mapping.frame), ("kernel image", 0x11_1000));
    assert_eq!(access(&mapping.access), "read");
}

#[test]
fn the_last_list_counts() {
    let later = format!("{MEMORY}memory:\n  0x000..0x1000  4 KiB  usable\n");
    assert_eq!(map(&later).regions.len(), 1);
}

#[test]
fn nonsense_is_refused() {
    assert!(parse("hello\n").is_err());
    assert!(parse("memory:\n  0x1000 usable\n").is_err());
    assert!(parse("memory:\n  0x2000..0x1000  4 KiB  usable\n").is_err());
    assert!(parse("mapped:\n  0x1000..0x2000  4 KiB  rw---\n").is_err());
    let overlapping = "memory:\n  0x0..0x2000  8 KiB  usable\n  0x1000..0x3000  8 KiB  kernel\n";
    assert!(parse(overlapping).is_err());
}

#[test]
fn sizes_add_up() {
    let map = map(MEMORY);
    let mut end = 0;
    for piece in pieces(&map) {
        match piece.shows {
            Shows::Region { region, .. } => {
                assert_eq!(region.range.start, end);
                end += region.size();
            }
            Shows::Break(bytes) => end += bytes,
            Shows::Heading(_) | Shows::Hole => panic!("memory has none: {piece:?}"),
        }
    }
    assert_eq!(end, 0x800_0000);
    let total: u64 = totals(&map).iter().map(|(_, size)| size).sum();
    assert_eq!(total, 0x800_0000 - (0x10_0000 - 0xcff60));
}

#[test]
fn every_part_of_an_address_space_is_shown_from_its_first_byte_to_its_last() {
    let map = map(MAPPED);
    let mut end = 0;
    let (mut parts, mut holes) = (Vec::new(), 0);
    for piece in pieces(&map) {
        match piece.shows {
            Shows::Heading(part) => {
                assert_eq!(part.start, end, "{}", part.name);
                parts.push(part.name);
            }
            Shows::Region { region, .. } => {
                assert_eq!(region.range.start, end);
                end += region.size();
            }
            Shows::Break(bytes) => end = end.wrapping_add(bytes),
            Shows::Hole => {
                assert_eq!(end, 1 << 47);
                (end, holes) = (u64::MAX << 47, holes + 1);
            }
        }
    }
    assert_eq!((end, parts.len(), holes), (0, 5, 1), "{parts:?}");
}

#[test]
fn both_maps_of_a_console_can_be_drawn() {
    for (space, words) in [(Space::Physical, "Physical memory"), (Space::Virtual, "address space")]
    {
        let svg = figure("x", MAPPED, space).expect("both lists are printed");
        assert!(svg.contains(words) && !svg.contains("<style>") && !svg.contains('\n'), "{svg}");
    }
    assert!(figure("x", MEMORY, Space::Virtual).is_err());
    assert!(figure("x", "goodbye\n", Space::Physical).is_err());
}

#[test]
fn pieces_follow_each_other_and_larger_ones_are_higher() {
    let map = map(MEMORY);
    let pieces = pieces(&map);
    assert!(pieces.windows(2).all(|pair| pair[0].top + pair[0].height == pair[1].top));
    let heights: Vec<f64> = pieces.iter().map(|piece| piece.height).collect();
    assert!(heights[4] > heights[3] && heights[3] > heights[1]);
}

#[test]
fn pictures_show_what_was_printed() {
    for console in [MEMORY, MAPPED] {
        assert_eq!(check(&picture(console), console), Ok(()));
    }
}

#[test]
fn other_pictures_do_not() {
    let right = picture(MEMORY);
    assert!(check(&right, MAPPED).is_err());
    assert!(check(&right.replace("loader", "lodger"), MEMORY).is_err());
    assert!(check(&right.replace("0x12f000", "0x12f001"), MEMORY).is_err());
    assert!(check(&right.replace("</svg>", ""), MEMORY).is_err());
    assert!(check(&right.replace("\"region\"", "\"religion\""), MEMORY).is_err());
    assert!(check(&right.replace("height=\"26\"", "height=\"260\""), MEMORY).is_err());
    assert!(check(&right.replace("title>", "name>"), MEMORY).is_err());
    assert!(check(&right, &MEMORY.replace("..0x00000012f000", "..0x00000012e000")).is_err());
}

#[test]
fn all_is_described() {
    let description = description(&map(MAPPED));
    for fact in ["rodata, 4 KiB, read, memory from 0x111000 on", "Nothing for 16 MiB"] {
        assert!(description.contains(fact), "{description}");
    }
}

#[test]
fn words_of_the_run_are_no_markup() {
    let console = "memory:\n  0x0..0x1000  4 KiB  <b> & \"c\"\n";
    let picture = draw("a < b & c", &map(console)).to_string();
    assert_eq!(check(&picture, console), Ok(()));
}
