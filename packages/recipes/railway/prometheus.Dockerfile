# Prometheus as a service on Railway; built from the root of the repository.
FROM prom/prometheus:v3.16.0-busybox
COPY packages/recipes/railway/prometheus.yml /etc/prometheus/prometheus.yml
COPY compose/prometheus_records.yml compose/prometheus_alerts.yml /etc/prometheus/compose/
COPY packages/recipes/railway/start-prometheus.sh /start-prometheus.sh
ENTRYPOINT ["/bin/sh", "/start-prometheus.sh"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.time=30d", "--storage.tsdb.retention.size=4GB"]
