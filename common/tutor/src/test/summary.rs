//! The table at the end of `make test`: what was tested, on what, and what it came to.

use std::collections::BTreeMap;

use comfy_table::{Cell, ContentArrangement, Table as Grid, TableComponent, presets};

use super::outcome::{Tally, Tested};

/// The columns, in their order.
const COLUMNS: [&str; 3] = ["host", "aarch64", "x86_64"];

/// Tallies by row and column.
#[derive(Default)]
pub struct Table {
    rows: Vec<String>,
    cells: BTreeMap<(String, String), Tally>,
}

impl Table {
    /// Adds `tests` to the cell at `row` and `column`.
    pub fn add(&mut self, row: &str, column: &str, tests: &[Tested]) {
        if tests.is_empty() {
            return;
        }
        if !self.rows.iter().any(|known| known == row) {
            self.rows.push(row.into());
        }
        self.cells.entry((row.into(), column.into())).or_default().add(tests);
    }

    /// Prints the table.
    pub fn print(&self) {
        let mut grid = Grid::new();
        grid.load_preset(presets::NOTHING);
        grid.set_style(TableComponent::HeaderLines, '─');
        grid.set_style(TableComponent::MiddleHeaderIntersections, '─');
        grid.set_content_arrangement(ContentArrangement::Disabled);
        grid.set_header([""].into_iter().chain(COLUMNS));
        for row in &self.rows {
            let cells = COLUMNS.map(|column| self.cell(row, column));
            grid.add_row([Cell::new(row)].into_iter().chain(cells));
        }
        anstream::println!("\n{grid}");
    }

    fn cell(&self, row: &str, column: &str) -> Cell {
        let Some(tally) = self.cells.get(&(row.into(), column.into())) else {
            return Cell::new("");
        };
        Cell::new(tally)
    }
}
