"""A trace as a page: one HTML file with the figure, its function, its table and its derivation."""

from bpviz.pages.web_page import Page, check_page_target, page, write_frame

__all__ = ["Page", "check_page_target", "page", "write_frame"]
