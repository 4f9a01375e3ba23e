@echo off
rem `grokscope COMMAND` is the command line, under the Node beside this file. Without a command, or with archives to open, the
rem window opens.
setlocal
set "window=%~dp0..\..\..\Grokscope.exe"
if "%~1"=="" goto window
if /i "%~1"=="--archive" goto window
if /i "%~x1"==".grokscope" goto window
"%~dp0node.exe" "%~dp0..\out\main\cli.js" %*
exit /b %errorlevel%

:window
start "" "%window%" %*
