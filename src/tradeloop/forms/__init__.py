"""Papers for people: certificates, calculations, agreements, files; PDF, Chinese and English."""
