"""Inspector of Hugging Face repositories."""
