# Not run here: written with the archive and its launcher at hand, but no container engine to build it with.
#
#   mvn -DskipTests package && docker build -t sluice .
#   docker run --read-only --tmpfs /tmp:exec -p 127.0.0.1:8080:8080 -v ./secrets:/run/secrets:ro \
#       -e SLUICE_HTTP_ALLOW_ANONYMOUS=true -e SLUICE_POSTGRES_URI_FILE=/run/secrets/postgres-uri -e SLUICE_REDIS_URI_FILE=/run/secrets/redis-uri sluice
#
# Every secret can be a file: the key with `File` at its end, so SLUICE_POSTGRES_URI_FILE for postgres.uri. The files
# have to be readable by the user below; the root file system may be read-only, and the uid may be any other. Without a
# /tmp from which a library can be loaded (a tmpfs is noexec unless told so) NIO does the work of epoll.
#
# Without keys (docs/accounts.md) the port of the order API serves every client that reaches it, and the start is refused
# without SLUICE_HTTP_ALLOW_ANONYMOUS, which says that this is known: publish the port on networks that you trust. With
# SLUICE_AUTH_MODE=keys give it a volume of its user and SLUICE_DATA_DIR, so that it knows the keys after a restart while
# PostgreSQL is away.
#
# The admin listener stays on the container's loopback. To reach it and its probes from outside, give it a token, of
# 32 characters or more, and open it: -p 127.0.0.1:9090:9090 -e SLUICE_ADMIN_HOST=0.0.0.0
# -e SLUICE_ADMIN_TOKEN_FILE=/run/secrets/admin-token. /healthz and /readyz want no token.
FROM eclipse-temurin:25.0.4_7-jre-noble AS archive
ADD target/sluice-*.tar.gz /opt/
# Whoever becomes the user inside can read the programs and change nothing.
RUN mv /opt/sluice-* /opt/sluice && chmod -R a+rX,go-w /opt/sluice

FROM eclipse-temurin:25.0.4_7-jre-noble
COPY --from=archive /opt/sluice /opt/sluice
# A number, not a name: Kubernetes' runAsNonRoot accepts no other. It needs no entry in /etc/passwd.
USER 10001:10001
WORKDIR /tmp
ENV SLUICE_HTTP_HOST=0.0.0.0 \
    SLUICE_ADMIN_PORT=9090
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$SLUICE_ADMIN_PORT && printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/sluice/bin/sluice"]
CMD ["serve"]
