"""Tests of the decisions for Google Cloud. A package, because the tests of AWS have the same file names."""
