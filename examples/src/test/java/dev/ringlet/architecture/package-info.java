/** What may depend on what; here, because this module sees all the others. */
package dev.ringlet.architecture;
