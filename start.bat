@echo off
rem Opens the workbook on Windows: a double click does. In a console also
rem   start.bat reset 02         one chapter as it was, with yours kept beside it
rem   start.bat doctor           whether all is here
rem   start.bat board --share    the class board
rem   start.bat lab --student "Li Hua"   where several students use one account
rem A language may stand in front: start.bat zh, start.bat zh doctor.
setlocal
cd /d "%~dp0"
set "PYTHONPATH="
set "PYTHONHOME="
if /i "%~1"=="zh" goto chosen
if /i "%~1"=="en" goto chosen
goto collect

:chosen
set "HPT_LANGUAGE=%~1"
shift

:collect
set "ARGUMENTS="
:next
if "%~1"=="" goto collected
set ARGUMENTS=%ARGUMENTS% %1
shift
goto next
:collected
if not defined ARGUMENTS set "ARGUMENTS=lab"

rem Where the console speaks Chinese (code page 936), so does the workbook.
if defined HPT_LANGUAGE goto python
for /f "tokens=2 delims=:." %%c in ('chcp') do if "%%c"==" 936" set "HPT_LANGUAGE=zh"

:python
rem Without "call" a python that is a batch file itself (pyenv) would never come back here.
set "FOUND="
for %%v in (3.13 3.12 3.11) do if not defined FOUND call py -%%v -c "import venv, ensurepip" >nul 2>nul && set "FOUND=py -%%v"
if defined FOUND goto set_up
call python -c "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12), (3, 13)])" >nul 2>nul && set "FOUND=python"
if defined FOUND goto set_up
echo Python 3.13, 3.12 or 3.11 is needed, and was not found. Install one with its launcher "py".
if not "%HPT_LANGUAGE%"=="zh" goto failed
rem A batch file holds no Chinese that every console reads: the words lie beside it, in UTF-8.
for /f "tokens=2 delims=:." %%c in ('chcp') do set "PAGE=%%c"
chcp 65001 >nul
type tools\no_python.zh.txt
chcp %PAGE% >nul
goto failed

:set_up
call %FOUND% tools\set_up.py
if errorlevel 1 goto failed
.venv\Scripts\python -m hpt_widgets %ARGUMENTS%
if errorlevel 1 goto failed
exit /b 0

:failed
rem A window that a double click has opened would be gone before one could read it.
pause
exit /b 1
