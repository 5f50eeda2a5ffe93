@echo off
rem The command line of an installed Rho Lab: rho-lab ^<command^> (rho-lab --help lists them).
"%~dp0..\..\Rho Lab.exe" --no-sandbox --log-level=3 --lab -- %*
