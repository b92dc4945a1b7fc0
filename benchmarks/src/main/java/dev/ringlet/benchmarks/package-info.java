/**
 * One benchmark per cost. Run them with {@code mvn -DskipTests -pl benchmarks -am package && java
 * -jar benchmarks/target/ringlet-benchmarks.jar}, on a quiet machine, and compare within one run
 * only.
 */
@NullMarked
package dev.ringlet.benchmarks;

import org.jspecify.annotations.NullMarked;
