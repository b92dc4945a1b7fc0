/** What tests of actors and drivers need; see {@link dev.ringlet.testkit}. */
module dev.ringlet.testkit {
  requires transitive dev.ringlet.api;
  requires static transitive org.jspecify;
  requires static org.junit.jupiter.api;

  exports dev.ringlet.testkit;
  exports dev.ringlet.testkit.junit;
  exports dev.ringlet.testkit.sim;
}
