"""What we print: tables, sentences, figures and reports."""
