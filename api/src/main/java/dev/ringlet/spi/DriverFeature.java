package dev.ringlet.spi;

/**
 * Something of the system that a driver makes use of where it is there. Immutable.
 *
 * @param name what it is, in a few words
 * @param since the first system that has it, such as {@code "Linux 6.1"}
 * @param present whether it is there, as was found out by trying where that is possible
 * @param otherwise what happens without it, in one sentence
 */
public record DriverFeature(String name, String since, boolean present, String otherwise) {}
