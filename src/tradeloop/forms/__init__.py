"""Papers for people: certificates, calculations, agreements and files as PDF, in Chinese and English."""
