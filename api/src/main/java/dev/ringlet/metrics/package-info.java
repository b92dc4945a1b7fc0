/**
 * What a system does, for Micrometer: {@link dev.ringlet.metrics.SystemMetrics}. Needs {@code
 * micrometer-core}, which whoever uses it has.
 */
@NullMarked
package dev.ringlet.metrics;

import org.jspecify.annotations.NullMarked;
