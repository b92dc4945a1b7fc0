package dev.ringlet.testkit.sim;

import dev.ringlet.spi.DetachedDescriptor;

/** A descriptor that has come through a Unix socket. The simulation's thread. */
final class SimDetachedDescriptor implements DetachedDescriptor {
  private final SimDescription description;
  private boolean taken;

  SimDetachedDescriptor(SimDescription description) {
    this.description = description;
  }

  SimHandle attach(SimDriver driver, boolean connection) {
    checkHere();
    if (connection ? !description.isConnection() : !description.isFile()) {
      throw new IllegalArgumentException(
          "descriptor: " + description + " is no " + (connection ? "connection" : "file"));
    }
    taken = true;
    return description.handle(driver);
  }

  private void checkHere() {
    if (taken) {
      throw new IllegalStateException(description + " was attached or closed already");
    }
  }

  @Override
  public boolean appends() {
    checkHere();
    return description.appends();
  }

  @Override
  public boolean isDirect() {
    checkHere();
    return description.isDirect();
  }

  @Override
  public void close() {
    if (!taken) {
      taken = true;
      description.release(false);
    }
  }
}
