/** Tests of the key-value server. */
@NullMarked
package dev.ringlet.examples.kv;

import org.jspecify.annotations.NullMarked;
