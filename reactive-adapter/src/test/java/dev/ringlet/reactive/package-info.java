/**
 * The TCK of Reactive Streams and the tests of what it does not see. Classes of the TCK run on
 * TestNG and end in {@code TckTest}, all others on JUnit.
 */
package dev.ringlet.reactive;
