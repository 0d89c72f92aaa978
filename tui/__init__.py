"""The screens: queue, workbench, moderation, the practitioner's reading. The only importer of textual."""
