"""Ready files for whatever starts Dateline: systemd, cron, containers, scrapyd."""
