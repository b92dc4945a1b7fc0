/** A TCP server that sends back what it gets: the shortest way through sockets and demand. */
@NullMarked
package dev.ringlet.examples.echo;

import org.jspecify.annotations.NullMarked;
