package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the drivers of one simulated process. The simulation's thread. */
final class SimDriverProvider implements IoDriverProvider {
  private final SimWorld world;
  private final SimMachine machine;
  private final List<SimDriver> drivers = new ArrayList<>();

  SimDriverProvider(SimWorld world, SimMachine machine) {
    this.world = world;
    this.machine = machine;
  }

  @Override
  public String name() {
    return SimDriver.NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public @Nullable String unavailabilityCause() {
    return null;
  }

  @Override
  public IoDriver create(IoDriverOptions options) {
    SimDriver driver = new SimDriver(world, machine, options);
    drivers.add(driver);
    return driver;
  }

  /** One for each executor, by index. */
  List<SimDriver> made() {
    return List.copyOf(drivers);
  }
}
