# Not run here: written with the archive and its launcher at hand, but no container engine to build it with.
#
#   mvn package && docker build -t sluice .
#   docker run -p 8080:8080 -e SLUICE_POSTGRES_URI=postgresql://user:password@db/shop -e SLUICE_ADMIN_TOKEN=… sluice
FROM eclipse-temurin:25-jre AS archive
ADD target/sluice-*.tar.gz /opt/
RUN mv /opt/sluice-* /opt/sluice

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --no-create-home sluice
COPY --from=archive /opt/sluice /opt/sluice
USER 10001
ENV SLUICE_HTTP_HOST=0.0.0.0
EXPOSE 8080
# The admin listener stays on the container's loopback; its probes need no token.
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9090 && printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/sluice/bin/sluice"]
CMD ["serve"]
