package dev.ringlet.spi;

/** Makes the drivers under test. */
record SimTurnsProvider(SimTurns turns, IoDriverProvider drivers) implements IoDriverProvider {
  @Override
  public String name() {
    return drivers.name();
  }

  @Override
  public int priority() {
    return drivers.priority();
  }

  @Override
  public String unavailabilityCause() {
    return drivers.unavailabilityCause();
  }

  @Override
  public IoDriver create(IoDriverOptions options) {
    return new SimTurnsDriver(drivers.create(options), turns);
  }
}
