/** Tests of the programs on files. */
@NullMarked
package dev.ringlet.examples.files;

import org.jspecify.annotations.NullMarked;
