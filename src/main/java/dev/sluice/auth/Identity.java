package dev.sluice.auth;

import java.util.Set;

/**
 * The client of an authenticated request. Immutable; what comes after authentication (quotas, account of an order,
 * audit) reads this alone.
 *
 * @param method how the client showed who it is
 * @param account whose orders it submits and reads, see {@link Accounts}
 * @param keyId the public id of its key, the subject of its token, or empty
 * @param scopes what it may do
 */
public record Identity(Method method, String account, String keyId, Set<Scope> scopes) {

    /** How a client showed who it is. */
    public enum Method {
        /** It did not: the listener asks for no credentials. */
        NONE,
        /** It did not, and is served while clients move to keys ({@code auth.anonymousAccount}). */
        ANONYMOUS,
        /** An API key. */
        KEY,
        /** A certificate, which the listener's map names an account for. */
        CERTIFICATE,
        /** A JSON Web Token. */
        JWT,
        /** {@code admin.token}. */
        ADMIN_TOKEN
    }

    /** A client of the order API that asks for no credentials. */
    public static final Identity EVERY_CLIENT = new Identity(Method.NONE, Accounts.DEFAULT, "", Scope.OF_CLIENTS);

    /** An operator at an admin listener that asks for no credentials. */
    public static final Identity EVERY_OPERATOR = new Identity(Method.NONE, Accounts.DEFAULT, "", Scope.OF_OPERATORS);

    /** The holder of {@code admin.token}. */
    public static final Identity ADMIN = new Identity(Method.ADMIN_TOKEN, Accounts.DEFAULT, "", Scope.OF_OPERATORS);

    /** A client without credentials that is served as that account. */
    public static Identity anonymous(String account) {
        return new Identity(Method.ANONYMOUS, account, "", Scope.OF_CLIENTS);
    }

    /** A client whose certificate stands for that account. */
    public static Identity certified(String account) {
        return new Identity(Method.CERTIFICATE, account, "", Scope.OF_CLIENTS);
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    /** For the audit log: the client in a few words, without a secret. */
    public String described() {
        return switch (method) {
            case NONE -> "no credentials";
            case ANONYMOUS -> "anonymous of " + account;
            case KEY -> "key " + keyId + " of " + account;
            case CERTIFICATE -> "certificate of " + account;
            case JWT -> "token of " + keyId + " of " + account;
            case ADMIN_TOKEN -> "admin.token";
        };
    }
}
