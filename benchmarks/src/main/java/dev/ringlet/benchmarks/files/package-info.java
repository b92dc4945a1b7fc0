/**
 * Programs that do one kind of file work for some seconds and print what it cost; each has peers in
 * the same program. {@code fio} does the same work outside of Java.
 */
@NullMarked
package dev.ringlet.benchmarks.files;

import org.jspecify.annotations.NullMarked;
