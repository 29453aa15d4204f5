"""The pool: everything that is remembered. Rows and sessions stay inside; terms go in and come out."""
