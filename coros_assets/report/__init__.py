"""The self-contained HTML report: `page.render_report`."""
