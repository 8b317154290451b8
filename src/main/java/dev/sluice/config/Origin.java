package dev.sluice.config;

/**
 * Where a value comes from.
 *
 * @param layer which of the five layers
 * @param place for people: {@code default}, {@code conf/sluice.yaml:3:9}, {@code env SLUICE_HTTP_PORT}, {@code --set},
 *     {@code --http-port}
 */
public record Origin(Layer layer, String place) {

    /** Where values come from, the weakest first. */
    public enum Layer {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        SET,
        FLAG
    }

    static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

    @Override
    public String toString() {
        return place;
    }
}
