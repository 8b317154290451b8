package dev.sluice.listener.tls;

import dev.sluice.config.value.ClientAccounts;
import dev.sluice.config.value.ClientAccounts.Entry;
import dev.sluice.config.value.ClientAccounts.Place;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose a request is by the certificate of its client, as the map of the configuration says. Any thread. */
public final class CertifiedAccount {

    private static final Logger LOG = LoggerFactory.getLogger(CertifiedAccount.class);

    /** Kept with the session: a certificate is looked into once, not for each order. */
    private static final String KEPT = "sluice.account";

    private static final String NONE = "";
    private static final int EMAIL_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;

    private final @Nullable ClientAccounts accounts;

    /**
     * By that map.
     *
     * @param accounts null where no account comes from a certificate
     */
    public CertifiedAccount(@Nullable ClientAccounts accounts) {
        this.accounts = accounts;
    }

    /** The account, or null where the map names none for this client. */
    public @Nullable String of(HttpConnection connection) {
        return accounts == null ? null : of(accounts, connection.sslSession());
    }

    private static @Nullable String of(ClientAccounts accounts, @Nullable SSLSession session) {
        if (session == null) {
            return null;
        }
        String kept = session.getValue(KEPT) instanceof String text ? text : null;
        if (kept == null) {
            kept = read(accounts, session);
            session.putValue(KEPT, kept);
        }
        return kept.equals(NONE) ? null : kept;
    }

    private static String read(ClientAccounts accounts, SSLSession session) {
        try {
            Certificate own = session.getPeerCertificates()[0];
            return own instanceof X509Certificate certificate ? account(accounts, certificate) : NONE;
        } catch (SSLPeerUnverifiedException none) {
            LOG.trace("a client showed no certificate", none);
            return NONE;
        }
    }

    /** The account that the first entry says which the certificate has; empty where it has none. */
    static String account(ClientAccounts accounts, X509Certificate certificate) {
        return accounts.entries().stream()
                .filter(entry -> names(entry.place(), certificate).contains(entry.name()))
                .findFirst()
                .map(Entry::account)
                .orElse(NONE);
    }

    private static Set<String> names(Place place, X509Certificate certificate) {
        X500Principal subject = certificate.getSubjectX500Principal();
        return switch (place) {
            case SUBJECT -> Set.of(subject.getName(X500Principal.CANONICAL));
            case CN -> commonNames(subject);
            case DNS -> alternatives(certificate, DNS_NAME);
            case URI -> alternatives(certificate, URI_NAME);
            case EMAIL -> alternatives(certificate, EMAIL_NAME);
        };
    }

    private static Set<String> commonNames(X500Principal subject) {
        Set<String> names = new HashSet<>();
        try {
            new LdapName(subject.getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .forEach(part -> names.add(String.valueOf(part.getValue())));
        } catch (InvalidNameException e) {
            LOG.debug("a certificate's subject cannot be read", e);
        }
        return names;
    }

    private static Set<String> alternatives(X509Certificate certificate, int kind) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                all.stream()
                        .filter(name -> Integer.valueOf(kind).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)))
                        .forEach(name -> names.add(kind == DNS_NAME ? name.toLowerCase(Locale.ROOT) : name));
            }
        } catch (CertificateParsingException e) {
            LOG.debug("a certificate's names cannot be read", e);
        }
        return names;
    }
}
