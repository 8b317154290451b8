package dev.sluice.order;

import org.jspecify.annotations.Nullable;

/**
 * The currencies an order may be in: the active codes of ISO 4217 List One (currencies and funds), edition of
 * 2026-01-01. The list stands in the source because the JDK's differs between versions.
 *
 * <p>Rule: every active code that names something a price can be put in, so funds ({@code CLF}), units of account
 * ({@code XDR}) and metals ({@code XAU}) are in. {@code XTS} (reserved for testing) and {@code XXX} (no currency
 * involved) name none and are out. Codes are upper case, as the standard writes them.
 */
public final class Currencies {

    /** Date of the list. */
    public static final String EDITION = "2026-01-01";

    private static final String ACTIVE = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL "
            + "BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
            + "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS "
            + "KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV "
            + "MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK "
            + "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW "
            + "UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW "
            + "ZWG";

    private static final int LETTERS = 26;

    private static final @Nullable String[] BY_INDEX = index();

    private Currencies() {}

    /** Whether the text is a code an order may carry. */
    public static boolean isActive(String code) {
        return of(code) != null;
    }

    /** The list's own instance of the code, or null where it is not an active one. */
    static @Nullable String of(String code) {
        if (code.length() != 3) {
            return null;
        }
        int a = code.charAt(0) - 'A';
        int b = code.charAt(1) - 'A';
        int c = code.charAt(2) - 'A';
        boolean letters = inAlphabet(a) && inAlphabet(b) && inAlphabet(c);
        return letters ? BY_INDEX[(a * LETTERS + b) * LETTERS + c] : null;
    }

    /** All codes, in alphabetical order. */
    public static String[] all() {
        return ACTIVE.split(" ", -1);
    }

    private static boolean inAlphabet(int letter) {
        return letter >= 0 && letter < LETTERS;
    }

    private static @Nullable String[] index() {
        @Nullable String[] table = new @Nullable String[LETTERS * LETTERS * LETTERS];
        for (String code : all()) {
            table[((code.charAt(0) - 'A') * LETTERS + code.charAt(1) - 'A') * LETTERS + code.charAt(2) - 'A'] = code;
        }
        return table;
    }
}
